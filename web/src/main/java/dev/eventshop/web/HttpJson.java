package dev.eventshop.web;

import java.io.Serial;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * JSON as the HTTP contract reads and writes it.
 *
 * <p>Reading takes nothing for something else: unknown fields, fields that are there twice, texts for numbers, numbers
 * for texts, fractions for integers and null for a primitive are refused. Texts hold whole characters without NUL,
 * which PostgreSQL can't store. Amounts are exact and of at most 38 digits, whatever the exponent. Writing gives plain
 * numbers, instants in UTC, and null for what is not there.
 *
 * <p>Apart from the application's own {@code JsonMapper} bean, since who reads messages or events must be tolerant.
 */
public final class HttpJson {

    static final int MAX_NESTING = 32;
    private static final int MAX_DIGITS = 38;

    private final JsonMapper mapper;

    HttpJson() {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_NESTING)
                        .maxNumberLength(Integer.MAX_VALUE) // bounded by the body's size, refused by field
                        .maxNameLength(1_000)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        mapper = JsonMapper.builder(factory)
                .enable(
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                        DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY,
                        DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .withCoercionConfigDefaults(coercions -> coercions
                        .setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.EmptyArray, CoercionAction.Fail))
                .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS, DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                .addModule(new SimpleModule("eventshop-web")
                        .addDeserializer(String.class, new WholeText())
                        .addDeserializer(BigDecimal.class, new BoundedDecimal())
                        .addDeserializer(Instant.class, new IsoInstant()))
                .build();
    }

    public JsonMapper mapper() {
        return mapper;
    }

    /** A value of the right type that the contract does not allow; the message is for the client. */
    static final class RefusedValue extends MismatchedInputException {

        @Serial
        private static final long serialVersionUID = 1L;

        RefusedValue(JsonParser parser, String message) {
            super(parser, message);
        }
    }

    private static final class WholeText extends StdScalarDeserializer<String> {

        WholeText() {
            super(String.class);
        }

        @Override
        public String deserialize(JsonParser parser, DeserializationContext context) {
            if (!parser.hasToken(JsonToken.VALUE_STRING)) {
                return (String) context.handleUnexpectedToken(context.constructType(String.class), parser);
            }
            String text = parser.getString();
            if (!Text.isStorable(text)) {
                throw new RefusedValue(parser, Text.NOT_STORABLE);
            }
            return text;
        }
    }

    /** Digits are counted before the number is made: 1e1000000000 has one, and a million zeros as soon as it is used. */
    private static final class BoundedDecimal extends StdScalarDeserializer<BigDecimal> {

        BoundedDecimal() {
            super(BigDecimal.class);
        }

        @Override
        public BigDecimal deserialize(JsonParser parser, DeserializationContext context) {
            if (!parser.hasToken(JsonToken.VALUE_NUMBER_INT) && !parser.hasToken(JsonToken.VALUE_NUMBER_FLOAT)) {
                return (BigDecimal) context.handleUnexpectedToken(context.constructType(BigDecimal.class), parser);
            }
            String digits = parser.getString();
            if (digits.length() <= 2 * MAX_DIGITS) {
                try {
                    BigDecimal number = new BigDecimal(digits);
                    long integerDigits = (long) number.precision() - number.scale();
                    if (number.signum() == 0 && Math.abs((long) number.scale()) <= MAX_DIGITS) {
                        return number.scale() < 0 ? BigDecimal.ZERO : number;
                    }
                    if (integerDigits <= MAX_DIGITS && number.scale() <= MAX_DIGITS && number.scale() >= -MAX_DIGITS) {
                        return number.scale() < 0 ? number.setScale(0) : number;
                    }
                } catch (NumberFormatException exponentBeyondInt) {
                    // refused below
                }
            }
            throw new RefusedValue(parser, "must have at most " + MAX_DIGITS + " digits");
        }
    }

    private static final class IsoInstant extends StdScalarDeserializer<Instant> {

        IsoInstant() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context) {
            if (!parser.hasToken(JsonToken.VALUE_STRING)) {
                return (Instant) context.handleUnexpectedToken(context.constructType(Instant.class), parser);
            }
            try {
                return OffsetDateTime.parse(parser.getString()).toInstant();
            } catch (DateTimeParseException notIso) {
                throw new RefusedValue(parser, Text.NOT_INSTANT);
            }
        }
    }
}
