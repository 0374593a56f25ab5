package dev.eventshop.command.http;

import dev.eventshop.command.dispatch.Outcome;
import java.util.function.Function;
import org.springframework.http.ResponseEntity;

/**
 * A command, and how its success is answered.
 *
 * @param answer made of the outcome alone, as often as asked; the outcome may be one that is not committed yet
 */
public record Write<T>(Object command, Function<Outcome, ResponseEntity<T>> answer) {}
