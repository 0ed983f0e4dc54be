// The JDK's own client, which Spring uses: it sends bodies of unknown size in chunks, and asks for HTTP/2 first.
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

public class JdkClient {
  public static void main(String[] arguments) throws Exception {
    String url = arguments[0], key = arguments[1], model = arguments[2];
    for (boolean streamed : new boolean[] {false, true}) {
      byte[] body = String.format(
          "{\"model\":\"%s\",\"stream\":%b,\"messages\":[{\"role\":\"user\",\"content\":\"ping\"}]}", model, streamed)
          .getBytes();
      HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
          .header("Authorization", "Bearer " + key)
          .header("Content-Type", "application/json")
          .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
          .build();
      HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200 || answer.body().contains("data: [DONE]") != streamed) {
        throw new IllegalStateException(answer.statusCode() + " " + answer.body());
      }
    }
    System.out.println("answered");
  }
}
