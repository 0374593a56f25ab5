package dev.eventshop.web;

import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.converter.Converter;

/** Instants in query parameters as in bodies. Spring's own conversion takes numbers for milliseconds. */
final class InstantConverter implements Converter<String, Instant> {

    @Override
    public @Nullable Instant convert(String text) {
        return text.isEmpty() ? null : OffsetDateTime.parse(text).toInstant();
    }
}
