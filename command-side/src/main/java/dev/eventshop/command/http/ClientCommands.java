package dev.eventshop.command.http;

import dev.eventshop.access.AccessRules;
import dev.eventshop.access.Caller;
import dev.eventshop.access.Callers;
import dev.eventshop.access.audit.AuditedRefusal;
import dev.eventshop.command.account.Account;
import dev.eventshop.command.account.Accounts;
import dev.eventshop.command.account.UserErased;
import dev.eventshop.command.currency.CurrencyChanged;
import dev.eventshop.command.dispatch.Cause;
import dev.eventshop.command.dispatch.CommandRefused;
import dev.eventshop.command.dispatch.Commands;
import dev.eventshop.command.dispatch.Expected;
import dev.eventshop.command.dispatch.NotOwned;
import dev.eventshop.command.dispatch.Outcome;
import dev.eventshop.command.dispatch.TooContended;
import dev.eventshop.command.dispatch.VersionMismatch;
import dev.eventshop.events.registry.UnknownTypeException;
import dev.eventshop.web.ETags;
import dev.eventshop.web.ProblemException;
import dev.eventshop.web.Problems;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/**
 * Sends commands for HTTP clients: those that the caller may send, and on what belongs to a user, a customer's only when
 * it is theirs. Whatever goes wrong is a problem of the contract.
 */
@Component
public final class ClientCommands {

    private final Commands commands;
    private final AccessRules rules;
    private final Accounts accounts;
    private final List<Refusals> refusals;
    private final HttpServletRequest request;
    private final IdempotentCalls calls;

    /** @param request stands for the one that the calling thread works on */
    ClientCommands(
            Commands commands,
            AccessRules rules,
            Accounts accounts,
            List<Refusals> refusals,
            HttpServletRequest request,
            IdempotentCalls calls) {
        this.commands = commands;
        this.rules = rules;
        this.accounts = accounts;
        this.refusals = refusals;
        this.request = request;
        this.calls = calls;
    }

    /** @throws ProblemException when the command did not succeed */
    public Outcome send(Object command) {
        return send(command, Expected.ANYTHING.version());
    }

    /**
     * @param ifMatch what the client asks of the version
     * @throws ProblemException when the command did not succeed
     */
    public Outcome send(Object command, ETags.Condition ifMatch) {
        return send(command, ifMatch::isMetBy);
    }

    /**
     * For a {@code POST}: once for each {@code Idempotency-Key}, and the same answer again for the others.
     *
     * @param type  of the answer's body
     * @param body  of the request; null for none
     * @param write asked only when the call is to be carried out; may refuse it
     * @throws ProblemException when the command did not succeed
     */
    public <T> ResponseEntity<T> answer(Class<T> type, @Nullable Object body, Supplier<Write<T>> write) {
        return answer(type, body, Expected.ANYTHING.version(), write);
    }

    /**
     * @param ifMatch what the client asks of the version
     * @see #answer(Class, Object, Supplier)
     */
    public <T> ResponseEntity<T> answer(
            Class<T> type, @Nullable Object body, ETags.Condition ifMatch, Supplier<Write<T>> write) {
        return answer(type, body, ifMatch::isMetBy, write);
    }

    private <T> ResponseEntity<T> answer(
            Class<T> type, @Nullable Object body, LongPredicate version, Supplier<Write<T>> write) {
        return calls.once(type, body, beforeCommit -> {
            Write<T> asked = write.get();
            Outcome outcome = send(
                    asked.command(),
                    version,
                    done -> beforeCommit.accept(asked.answer().apply(done)));
            return asked.answer().apply(outcome);
        });
    }

    private Outcome send(Object command, LongPredicate version) {
        return send(command, version, outcome -> {});
    }

    private Outcome send(Object command, LongPredicate version, Consumer<Outcome> beforeCommit) {
        rules.check(command);
        Caller caller = Callers.current();
        Expected expected = new Expected(version, caller.isStaff() ? null : () -> numberOf(caller));
        return answered(() -> commands.send(command, cause(), expected, beforeCommit));
    }

    private OptionalInt numberOf(Caller caller) {
        return accounts.holderOf(new Account(caller.issuer(), caller.subject())).stream()
                .mapToInt(ClientCommands::numberOf)
                .findFirst();
    }

    private static int numberOf(Accounts.Holder holder) {
        if (holder.erased()) {
            throw new UserErased();
        }
        return holder.userId().value();
    }

    private Cause cause() {
        return new Cause(null, TraceFilter.span(request));
    }

    private Outcome answered(Supplier<Outcome> sent) {
        try {
            return sent.get();
        } catch (VersionMismatch mismatch) {
            throw new ProblemException(
                    HttpStatus.PRECONDITION_FAILED,
                    "VERSION_MISMATCH",
                    "Somebody has changed it since the version in If-Match.");
        } catch (NotOwned foreign) {
            AuditedRefusal.mark();
            throw ResourceIds.notFound(kindOf(foreign.aggregateId()));
        } catch (CommandRefused refused) {
            throw problemOf(refused);
        } catch (AggregateNotFoundException unknown) {
            throw ResourceIds.notFound(kindOf(String.valueOf(unknown.getAggregateIdentifier())));
        } catch (TooContended busy) {
            throw Problems.unavailable("TOO_CONTENDED", "Too many requests change the same thing at the same time.");
        } catch (UnknownTypeException newer) {
            throw Problems.unavailable(
                    "NEWER_HISTORY", "A newer version of the service has written what this instance can't read.");
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
