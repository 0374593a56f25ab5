package dev.eventshop.testing;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a running service says of itself at {@code /v3/api-docs}, and its copy in {@code docs/api}. With
 * {@code -Deventshop.test.write-api=true} the copy is written anew.
 */
public final class OpenApiDocument {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final Pattern CODE = Pattern.compile("[A-Z][A-Z0-9]*(_[A-Z0-9]+)+|UNAUTHENTICATED|FORBIDDEN");
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    private final ObjectNode document;
    private final Path copy;

    private OpenApiDocument(ObjectNode document, Path copy) {
        this.document = document;
        this.copy = copy;
    }

    /**
     * @param base    URL of the service, without a slash at the end
     * @param service name of its copy
     */
    public static OpenApiDocument of(String base, String service) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/v3/api-docs"))
                .header("Authorization", "Bearer " + TestIssuer.shared().token("reader", "customer"))
                .build();
        try {
            HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
            ObjectNode document = (ObjectNode) JSON.readTree(answer.body());
            document.remove("servers"); // this one's port
            return new OpenApiDocument(document, Path.of("../docs/api/" + service + ".json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public JsonNode json() {
        return document;
    }

    /** @return the document as it is to stand in the copy */
    public String text() {
        return JSON.writeValueAsString(document).replace("\r\n", "\n") + "\n";
    }

    /** @return what stands in the copy */
    public String copy() {
        try {
            if (Boolean.getBoolean("eventshop.test.write-api")) {
                Files.writeString(copy, text());
            }
            return Files.exists(copy) ? Files.readString(copy) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @return what clients would miss: see the tests of this class's users for what that may be */
    public List<String> gaps() {
        List<String> gaps = new ArrayList<>();
        if (!document.path("openapi").asString("").startsWith("3.1.")) {
            gaps.add("is not OpenAPI 3.1");
        }
        operations((name, operation) -> {
            need(gaps, name, "a summary", operation.hasNonNull("summary"));
            need(
                    gaps,
                    name,
                    "a security scheme",
                    !operation.path("security").isEmpty()
                            || !document.path("security").isEmpty());
            JsonNode responses = operation.path("responses");
            Set<String> statuses = new TreeSet<>(responses.propertyNames());
            need(gaps, name, "a success", statuses.stream().anyMatch(status -> status.startsWith("2")));
            for (String status : List.of("401", "403", "500", "503")) {
                need(gaps, name, status, statuses.contains(status));
            }
            boolean writes = !name.startsWith("GET ");
            need(gaps, name, "429", !writes || statuses.contains("429"));
            need(gaps, name, "406", !writes || statuses.contains("406"));
            statuses.forEach(status -> response(gaps, name + " " + status, status, responses.path(status)));
            operation.path("parameters").forEach(parameter -> {
                String of = name + " parameter " + parameter.path("name").asString();
                need(gaps, of, "a schema", parameter.has("schema"));
                need(
                        gaps,
                        of,
                        "a description or an example",
                        parameter.hasNonNull("description") || parameter.has("example"));
            });
        });
        document.at("/components/schemas").properties().forEach(schema -> properties(gaps, schema));
        references(gaps, document);
        return gaps;
    }

    /**
     * @param operation as {@code GET /api/orders/{id}}
     * @param body      of an answer, JSON
     * @return how it differs from what the document says of answers with that status
     */
    public List<String> violations(String operation, int status, String body) {
        String method = operation.substring(0, operation.indexOf(' ')).toLowerCase(Locale.ROOT);
        String path = operation.substring(operation.indexOf(' ') + 1).replace("/", "~1");
        String content = "/paths/" + path + "/" + method + "/responses/" + status + "/content";
        Set<String> types = new TreeSet<>(document.at(content).propertyNames());
        if (types.size() != 1) {
            return List.of(operation + " " + status + " is described with the media types " + types);
        }
        ObjectNode schema = document.deepCopy();
        String type = types.iterator().next().replace("/", "~1");
        schema.put("$ref", "#" + content.replace("{", "%7B").replace("}", "%7D") + "/" + type + "/schema");
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(JSON.writeValueAsString(schema), InputFormat.JSON)
                .validate(body, InputFormat.JSON)
                .stream()
                .map(violation -> operation + " " + status + " " + violation.getMessage())
                .toList();
    }

    private void response(List<String> gaps, String name, String status, JsonNode response) {
        need(
                gaps,
                name,
                "a description",
                !response.path("description").asString("").isBlank());
        if (status.startsWith("4") || status.startsWith("5")) {
            JsonNode problem = response.at("/content/application~1problem+json");
            need(
                    gaps,
                    name,
                    "the schema of a problem",
                    problem.at("/schema/$ref").asString("").endsWith("/Problem"));
            need(
                    gaps,
                    name,
                    "an example of a problem",
                    !problem.path("examples").isEmpty());
            problem.path("examples").properties().forEach(example -> {
                JsonNode value = example.getValue().path("value");
                need(
                        gaps,
                        name,
                        "an example with its code",
                        value.path("code").asString("").equals(example.getKey()));
                need(
                        gaps,
                        name,
                        "an example with its status",
                        value.path("status").asString("").equals(status));
            });
            Matcher codes = CODE.matcher(response.path("description").asString(""));
            need(gaps, name, "a code", codes.find());
        }
        if (status.equals("429") || status.equals("503")) {
            need(gaps, name, "Retry-After", response.at("/headers").has("Retry-After"));
        }
        if (status.equals("201")) {
            need(gaps, name, "Location", response.at("/headers").has("Location"));
        }
    }

    private static void properties(List<String> gaps, Map.Entry<String, JsonNode> schema) {
        JsonNode properties = schema.getValue().path("properties");
        properties.properties().forEach(property -> {
            JsonNode type = property.getValue();
            String name = schema.getKey() + "." + property.getKey();
            boolean nested = type.path("type").asString("").equals("boolean")
                    || type.has("$ref")
                    || type.has("items")
                    || type.has("oneOf")
                    || type.has("anyOf");
            need(gaps, name, "a type", nested || type.has("type") || type.has("enum"));
            need(gaps, name, "an example", nested || type.has("example") || type.has("examples") || type.has("enum"));
        });
    }

    private void references(List<String> gaps, JsonNode node) {
        if (node.path("$ref").isString()) {
            String reference = node.path("$ref").asString();
            need(
                    gaps,
                    reference,
                    "a definition",
                    !document.at(reference.substring(1)).isMissingNode());
        }
        node.forEach(child -> references(gaps, child));
    }

    private void operations(BiConsumer<String, JsonNode> each) {
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(method -> {
                    if (METHODS.contains(method.getKey())) {
                        each.accept(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(), method.getValue());
                    }
                }));
    }

    private static void need(List<String> gaps, String where, String what, boolean there) {
        if (!there) {
            gaps.add(where + " has not " + what);
        }
    }
}
