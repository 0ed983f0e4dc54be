"""The files of a workload, by kind."""

from components.engine.workload import CONFIG_FOLDER, PROGRAMS_FOLDER, SECRETS_FOLDER, FileTexts, Workload

FILE_KINDS = ("config", "programs", "secrets")
"""Each kind of a workload's files is an object of its own on the engine; the object's name ends in the kind."""


def file_sets(workload: Workload) -> dict[str, tuple[str, FileTexts]]:
    """Return a workload's files by kind: the folder in the container, and the texts. Kinds without files are left out.

    One secret among the files of an object would hide all of them from a preview.
    """
    folders = (CONFIG_FOLDER, PROGRAMS_FOLDER, SECRETS_FOLDER)
    files = (workload.config, workload.programs, workload.secrets)
    kinds = zip(FILE_KINDS, folders, files, strict=True)
    return {kind: (folder, texts) for kind, folder, texts in kinds if texts}
