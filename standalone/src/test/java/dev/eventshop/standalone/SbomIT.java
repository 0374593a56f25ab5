package dev.eventshop.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The bill of materials in each jar that runs. */
class SbomIT {

    /** Added to the jar after the bill is written; unpacks it. */
    private static final String TOOLS = "spring-boot-jarmode-tools-";

    /** Have no classes, and are left out of the jar. */
    private static final String STARTERS = "spring-boot-starter";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "target/eventshop.jar",
                "../command-side/target/command-side-0.1.0-exec.jar",
                "../query-side/target/query-side-0.1.0-exec.jar",
                "../notification-projector/target/notification-projector-0.1.0-exec.jar"
            })
    void namesAllThatIsInTheJarAndNothingElse(String jar) throws IOException {
        try (JarFile file = new JarFile(Path.of(jar).toFile())) {
            assertThat(named(file)).hasSizeGreaterThan(100).isEqualTo(there(file));
        }
    }

    private static Set<String> there(JarFile file) {
        return file.stream()
                .map(entry -> entry.getName())
                .filter(name -> name.startsWith("BOOT-INF/lib/") && name.endsWith(".jar"))
                .map(name -> name.substring(name.lastIndexOf('/') + 1, name.length() - ".jar".length()))
                .filter(name -> !name.startsWith(TOOLS))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> named(JarFile file) throws IOException {
        try (InputStream bill = file.getInputStream(file.getJarEntry("META-INF/sbom/application.cdx.json"))) {
            JsonNode document = JsonMapper.shared().readTree(bill);
            assertThat(document.path("bomFormat").asString()).isEqualTo("CycloneDX");
            return document.path("components")
                    .valueStream()
                    .map(SbomIT::fileName)
                    .filter(name -> !name.startsWith(STARTERS))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String fileName(JsonNode component) {
        String purl = component.path("purl").asString();
        String classifier = purl.contains("classifier=") ? "-" + purl.replaceAll(".*classifier=([^&]+).*", "$1") : "";
        return component.path("name").asString() + "-"
                + component.path("version").asString() + classifier;
    }
}
