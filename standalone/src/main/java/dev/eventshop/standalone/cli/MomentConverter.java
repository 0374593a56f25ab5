package dev.eventshop.standalone.cli;

import dev.eventshop.standalone.client.Moment;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A position in the event store, a moment, or a date, which means its beginning in UTC. */
final class MomentConverter implements ITypeConverter<Moment> {

    @Override
    public Moment convert(String text) {
        try {
            if (text.matches("\\d{4}-\\d{2}-\\d{2}")) {
                return new Moment(
                        "time",
                        LocalDate.parse(text)
                                .atStartOfDay(ZoneOffset.UTC)
                                .toInstant()
                                .toString());
            }
            return text.matches("\\d+-\\d+-\\d+")
                    ? new Moment("position", text)
                    : new Moment("time", OffsetDateTime.parse(text).toInstant().toString());
        } catch (DateTimeParseException e) {
            throw new TypeConversionException(
                    "\"" + text + "\" is no position, no date and no moment such as 2026-01-31T12:00:00Z");
        }
    }
}
