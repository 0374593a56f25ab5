package dev.eventshop.query.console;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PropertiesLoaderUtils;
import org.springframework.web.servlet.resource.ResourceResolver;
import org.springframework.web.servlet.resource.ResourceResolverChain;

/**
 * Finds the pages' libraries, which are in jars of their own, by names without versions ({@code lib/preact.js}). What of
 * them may be read is in the console's {@code libraries.properties}; nothing else in these jars is reached.
 */
final class ConsoleFiles implements ResourceResolver {

    static final String FOLDER = "eventshop-console/";

    private static final Pattern IMPORT_MAP =
            Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);

    private final Map<String, String> libraries;

    ConsoleFiles() {
        try {
            Properties listed = PropertiesLoaderUtils.loadProperties(file("libraries.properties"));
            libraries = listed.stringPropertyNames().stream()
                    .collect(Collectors.toUnmodifiableMap(name -> "lib/" + name, listed::getProperty));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Resource file(String name) {
        return new ClassPathResource(FOLDER + name);
    }

    /** @return the one script within the page, as a Content-Security-Policy allows it */
    static String importMapHash() {
        try {
            Matcher map = IMPORT_MAP.matcher(file("index.html").getContentAsString(StandardCharsets.UTF_8));
            if (!map.find()) {
                throw new IllegalStateException("the console's page has no import map");
            }
            return "sha256-" + hash(map.group(1).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @return a tag that changes with the content: the times in jars are the same for all versions */
    static String tag(Resource file) {
        try {
            return "\"" + hash(file.getContentAsByteArray()) + "\"";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(byte[] content) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public @Nullable Resource resolveResource(
            @Nullable HttpServletRequest request,
            String path,
            List<? extends Resource> locations,
            ResourceResolverChain chain) {
        String library = libraries.get(path);
        if (library != null) {
            return new ClassPathResource(library);
        }
        return path.endsWith(".properties") ? null : chain.resolveResource(request, path, locations);
    }

    @Override
    public @Nullable String resolveUrlPath(
            String path, List<? extends Resource> locations, ResourceResolverChain chain) {
        return null; // nobody asks
    }
}
