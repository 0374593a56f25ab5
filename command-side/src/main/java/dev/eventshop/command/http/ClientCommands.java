package dev.eventshop.command.http;

import dev.eventshop.command.currency.CurrencyChanged;
import dev.eventshop.command.dispatch.Cause;
import dev.eventshop.command.dispatch.CommandRefused;
import dev.eventshop.command.dispatch.Commands;
import dev.eventshop.command.dispatch.Outcome;
import dev.eventshop.command.dispatch.TooContended;
import dev.eventshop.command.dispatch.VersionMismatch;
import dev.eventshop.web.ETags;
import dev.eventshop.web.ProblemException;
import dev.eventshop.web.Problems;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Sends commands for HTTP clients: whatever goes wrong is a problem of the contract. */
@Component
public final class ClientCommands {

    private final Commands commands;
    private final List<Refusals> refusals;
    private final HttpServletRequest request;

    /** @param request stands for the one that the calling thread works on */
    ClientCommands(Commands commands, List<Refusals> refusals, HttpServletRequest request) {
        this.commands = commands;
        this.refusals = refusals;
        this.request = request;
    }

    /** @throws ProblemException when the command did not succeed */
    public Outcome send(Object command) {
        return answered(() -> commands.send(command, cause()));
    }

    /**
     * @param ifMatch what the client asks of the version
     * @throws ProblemException when the command did not succeed
     */
    public Outcome send(Object command, ETags.Condition ifMatch) {
        return answered(() -> commands.send(command, cause(), ifMatch::isMetBy));
    }

    private Cause cause() {
        return new Cause(null, TraceParent.continuing(request.getHeader(TraceParent.HEADER)));
    }

    private Outcome answered(Supplier<Outcome> sent) {
        try {
            return sent.get();
        } catch (VersionMismatch mismatch) {
            throw new ProblemException(
                    HttpStatus.PRECONDITION_FAILED,
                    "VERSION_MISMATCH",
                    "Somebody has changed it since the version in If-Match.");
        } catch (CommandRefused refused) {
            throw problemOf(refused);
        } catch (AggregateNotFoundException unknown) {
            throw ResourceIds.notFound(kindOf(String.valueOf(unknown.getAggregateIdentifier())));
        } catch (TooContended busy) {
            throw Problems.unavailable("TOO_CONTENDED", "Too many requests change the same thing at the same time.");
        } catch (CurrencyChanged otherCurrency) {
            throw new ProblemException(
                    HttpStatus.INTERNAL_SERVER_ERROR, "CURRENCY_CHANGED", "The service is configured wrongly.");
        }
    }

    private ProblemException problemOf(CommandRefused refused) {
        return refusals.stream()
                .map(feature -> feature.problemOf(refused))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> refused);
    }

    /** The kind of an aggregate begins its id: {@code product-17}. */
    private static String kindOf(String aggregateId) {
        return aggregateId.substring(0, aggregateId.indexOf('-'));
    }
}
