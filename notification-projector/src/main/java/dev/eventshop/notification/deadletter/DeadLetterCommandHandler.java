package dev.eventshop.notification.deadletter;

import dev.eventshop.access.AccessRules;
import org.springframework.stereotype.Component;

/** Does with dead letters what those say who may. */
@Component
public class DeadLetterCommandHandler {

    private final AccessRules rules;
    private final JdbcDeadLetters letters;
    private final DeadLetterSender sender;

    DeadLetterCommandHandler(AccessRules rules, JdbcDeadLetters letters, DeadLetterSender sender) {
        this.rules = rules;
        this.letters = letters;
        this.sender = sender;
    }

    /** @return how many will be sent back: 0 when there is no such dead letter, or nothing is left of the message */
    public int handle(RetryDeadLetter command) {
        rules.check(command);
        return sent(letters.retry(command.id()));
    }

    /** @return how many will be sent back; not counted are those of which nothing is left, or that are on their way */
    public int handle(RetryDeadLetters command) {
        rules.check(command);
        return sent(letters.retry(command.filter()));
    }

    private int sent(int count) {
        if (count > 0) {
            sender.wakeUp();
        }
        return count;
    }

    /** @return 0 when there is no such dead letter, or it is being sent back at this moment */
    public int handle(DiscardDeadLetter command) {
        rules.check(command);
        return letters.discard(command.id());
    }

    /** @return how many were removed; not those that are being sent back at this moment */
    public int handle(DiscardDeadLetters command) {
        rules.check(command);
        return letters.discard(command.filter());
    }
}
