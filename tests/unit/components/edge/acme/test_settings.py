"""The settings of ACME."""

from components.edge.acme.settings import LETS_ENCRYPT, LETS_ENCRYPT_STAGING, AcmeSettings

DOMAINS = ("llm.example.com",)


def test_stack_without_domains_has_no_acme() -> None:
    assert not AcmeSettings().enabled


def test_let_s_encrypt_issues_unless_told_otherwise() -> None:
    assert AcmeSettings(domains=DOMAINS, terms_of_service_agreed=True).directory == LETS_ENCRYPT


def test_staging_is_let_s_encrypt_s_other_server() -> None:
    trial = AcmeSettings(domains=DOMAINS, terms_of_service_agreed=True, staging=True)
    assert trial.directory == LETS_ENCRYPT_STAGING


def test_another_server_is_named_by_its_directory() -> None:
    url = "https://ca.example.com/acme/directory"
    assert AcmeSettings(domains=DOMAINS, terms_of_service_agreed=True, directory_url=url).directory == url
