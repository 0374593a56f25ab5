package dev.eventshop.events;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** One committed form of an event, in {@code golden/<name>-<revision>.json}. */
public record Golden(String name, String revision) {

    private static final String FOLDER = "/golden";
    private static final String SUFFIX = ".json";

    /** @return all committed forms */
    public static List<Golden> all() {
        try (Stream<Path> files =
                Files.list(Path.of(Golden.class.getResource(FOLDER).toURI()))) {
            return files.map(file -> named(file.getFileName().toString()))
                    .sorted((a, b) -> a.toString().compareTo(b.toString()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Golden named(String file) {
        String stem = file.substring(0, file.length() - SUFFIX.length());
        int dash = stem.lastIndexOf('-');
        return new Golden(stem.substring(0, dash), stem.substring(dash + 1));
    }

    public String json() {
        try {
            return Files.readString(Path.of(Golden.class
                            .getResource(FOLDER + "/" + this + SUFFIX)
                            .toURI()))
                    .strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return name + "-" + revision;
    }
}
