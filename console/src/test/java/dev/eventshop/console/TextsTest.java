package dev.eventshop.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the pages say, in each language. */
class TextsTest {

    private static final Path SCRIPTS = Path.of("src/main/resources/eventshop-console/js");
    private static final Pattern USED = Pattern.compile("\\b(?:t|counted)\\('([^'\\\\]+)'");
    private static final Pattern TITLE = Pattern.compile("title: '([^']+)', icon");

    /** Words of states, kinds and modes, by their constants. */
    private static final Pattern NAMED = Pattern.compile("\\b[A-Z][A-Z_]+: '([^']+)'");

    private static final Pattern ENTRY = Pattern.compile("'([^']+)': '([^']*)'");
    private static final Pattern CODE = Pattern.compile("\"description\" ?: ?\"([A-Z]+(?:_[A-Z]+)+)(?=[:;,\"])");
    private static final Pattern CODED = Pattern.compile("'code ([A-Z_0-9]+)':");
    private static final Pattern PLACE = Pattern.compile("\\{\\w+}");

    @Test
    void areAllThereInVietnamese() throws IOException {
        Set<String> used = new TreeSet<>();
        try (Stream<Path> files = Files.walk(SCRIPTS)) {
            files.filter(file -> file.toString().endsWith(".js") && !file.endsWith("vi.js"))
                    .forEach(file -> {
                        collect(USED, file, used);
                        collect(TITLE, file, used);
                        collect(NAMED, file, used);
                    });
        }
        Set<String> translated = new TreeSet<>();
        collect(ENTRY, SCRIPTS.resolve("vi.js"), translated);

        assertThat(used).hasSizeGreaterThan(200);
        assertThat(translated).containsAll(used);
    }

    /** Those that the descriptions of the services' answers name. */
    @Test
    void areThereForEachCodeOfAProblem() throws IOException {
        Set<String> codes = new TreeSet<>();
        try (Stream<Path> apis = Files.list(Path.of("../docs/api"))) {
            apis.forEach(api -> collect(CODE, api, codes));
        }
        Set<String> translated = new TreeSet<>();
        collect(CODED, SCRIPTS.resolve("vi.js"), translated);

        assertThat(codes).hasSizeGreaterThan(30).contains("ORDER_NOT_FOUND");
        assertThat(translated).containsAll(codes);
    }

    @Test
    void haveTheSamePlacesInVietnamese() throws IOException {
        Matcher entry = ENTRY.matcher(Files.readString(SCRIPTS.resolve("vi.js")));
        while (entry.find()) {
            assertThat(places(entry.group(2))).as(entry.group(1)).isEqualTo(places(entry.group(1)));
        }
    }

    private static Set<String> places(String text) {
        Set<String> places = new TreeSet<>();
        Matcher place = PLACE.matcher(text);
        while (place.find()) {
            places.add(place.group());
        }
        return places;
    }

    private static void collect(Pattern pattern, Path file, Set<String> into) {
        try {
            Matcher matcher = pattern.matcher(Files.readString(file));
            while (matcher.find()) {
                into.add(matcher.group(1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
