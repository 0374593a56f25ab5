package dev.eventshop.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdvice;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;

/**
 * Reads a body as a whole before it is bound, so that what is not JSON or not UTF-8 is told apart from JSON with wrong
 * fields, whichever of the two comes first in it.
 */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
final class StrictBodies implements RequestBodyAdvice {

    private final HttpJson json;

    StrictBodies(HttpJson json) {
        this.json = json;
    }

    @Override
    public boolean supports(
            MethodParameter parameter, Type type, Class<? extends HttpMessageConverter<?>> converterType) {
        return JacksonJsonHttpMessageConverter.class.isAssignableFrom(converterType);
    }

    @Override
    public HttpInputMessage beforeBodyRead(
            HttpInputMessage message,
            MethodParameter parameter,
            Type type,
            Class<? extends HttpMessageConverter<?>> converterType)
            throws IOException {
        long length = message.getHeaders().getContentLength(); // known, it takes one buffer of that size
        byte[] body = length < 0
                ? message.getBody().readAllBytes()
                : message.getBody().readNBytes((int) Math.min(length, Integer.MAX_VALUE));
        checkCharacters(body);
        checkSyntax(body);
        return new ReadMessage(message.getHeaders(), body);
    }

    private static void checkCharacters(byte[] body) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
        } catch (CharacterCodingException notUtf8) {
            throw Problems.notUtf8();
        }
        for (byte b : body) {
            if (b == 0) { // no JSON in UTF-8 has one, each in UTF-16 or UTF-32 does
                throw Problems.notUtf8();
            }
        }
    }

    private void checkSyntax(byte[] body) {
        try (JsonParser parser = json.mapper().createParser(body)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw Problems.malformedJson("The body is empty.");
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                throw Problems.malformedJson("The body has more than one JSON value.");
            }
            if (first == JsonToken.VALUE_NULL) {
                throw Problems.invalid("$", "is required");
            }
        } catch (StreamConstraintsException tooDeep) {
            throw Problems.malformedJson("The body is nested too deeply, or has too long a name.");
        } catch (JacksonException malformed) {
            throw Problems.malformedJson(place(malformed));
        }
    }

    private static String place(JacksonException malformed) {
        TokenStreamLocation location = malformed.getLocation();
        return location == null || location.getLineNr() < 0
                ? "The body is not JSON."
                : "The body is not JSON, or has a name twice, at line " + location.getLineNr() + ", column "
                        + location.getColumnNr() + ".";
    }

    @Override
    public Object afterBodyRead(
            Object body,
            HttpInputMessage message,
            MethodParameter parameter,
            Type type,
            Class<? extends HttpMessageConverter<?>> converterType) {
        return body;
    }

    @Override
    public @Nullable Object handleEmptyBody(
            @Nullable Object body,
            HttpInputMessage message,
            MethodParameter parameter,
            Type type,
            Class<? extends HttpMessageConverter<?>> converterType) {
        return body;
    }

    private record ReadMessage(HttpHeaders headers, byte[] body) implements HttpInputMessage {

        @Override
        public InputStream getBody() {
            return new ByteArrayInputStream(body);
        }

        @Override
        public HttpHeaders getHeaders() {
            return headers;
        }
    }
}
