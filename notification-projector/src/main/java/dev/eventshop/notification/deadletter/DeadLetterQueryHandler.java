package dev.eventshop.notification.deadletter;

import dev.eventshop.access.AccessRules;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Shows dead letters to those who may see them. */
@Component
public class DeadLetterQueryHandler {

    private final AccessRules rules;
    private final JdbcDeadLetters letters;

    DeadLetterQueryHandler(AccessRules rules, JdbcDeadLetters letters) {
        this.rules = rules;
        this.letters = letters;
    }

    @Transactional(readOnly = true)
    public List<DeadLetterEntry> handle(ListDeadLetters query) {
        rules.check(query);
        return letters.list(query);
    }

    /** @return empty when there is none with that number */
    @Transactional(readOnly = true)
    public Optional<DeadLetterDetails> handle(FindDeadLetter query) {
        rules.check(query);
        return letters.find(query.id(), query.personalData());
    }

    @Transactional(readOnly = true)
    public List<DeadLetterGroup> handle(ListDeadLetterGroups query) {
        rules.check(query);
        return letters.groups(query);
    }

    @Transactional(readOnly = true)
    public List<DeadLetterHour> handle(CountDeadLetters query) {
        rules.check(query);
        return letters.hours();
    }
}
