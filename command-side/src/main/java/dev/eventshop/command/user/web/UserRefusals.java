package dev.eventshop.command.user.web;

import dev.eventshop.command.account.UserErased;
import dev.eventshop.command.dispatch.CommandRefused;
import dev.eventshop.command.http.Refusals;
import dev.eventshop.command.user.UserRejected;
import dev.eventshop.web.ProblemException;
import dev.eventshop.web.Problems;
import java.util.Optional;
import org.springframework.stereotype.Component;

@Component
class UserRefusals implements Refusals {

    @Override
    public Optional<ProblemException> problemOf(CommandRefused refusal) {
        if (refusal instanceof UserErased) {
            return Optional.of(Problems.conflict("USER_ERASED", refusal.getMessage()));
        }
        return refusal instanceof UserRejected rejected ? Optional.of(problem(rejected)) : Optional.empty();
    }

    private static ProblemException problem(UserRejected rejected) {
        return switch (rejected.rejection()) {
            case EMAIL_TAKEN -> Problems.conflict("EMAIL_TAKEN", rejected.getMessage());
            case ALREADY_REGISTERED -> Problems.conflict("ALREADY_REGISTERED", rejected.getMessage());
        };
    }
}
