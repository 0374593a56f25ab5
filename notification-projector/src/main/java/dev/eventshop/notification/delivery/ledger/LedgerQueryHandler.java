package dev.eventshop.notification.delivery.ledger;

import dev.eventshop.access.AccessRules;
import dev.eventshop.personaldata.key.PersonKey;
import dev.eventshop.personaldata.key.PersonKeys;
import jakarta.persistence.criteria.Predicate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.data.domain.Sort;
import org.springframework.data.jpa.domain.Specification;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Reads the ledger for those who may. */
@Component
public class LedgerQueryHandler {

    private final AccessRules rules;
    private final LedgerEntries entries;
    private final Deliveries deliveries;
    private final PersonKeys keys;

    LedgerQueryHandler(AccessRules rules, LedgerEntries entries, Deliveries deliveries, PersonKeys keys) {
        this.rules = rules;
        this.entries = entries;
        this.deliveries = deliveries;
        this.keys = keys;
    }

    @Transactional(readOnly = true)
    public List<LedgerItem> handle(ListNotifications query) {
        rules.check(query);
        return items(entries.findBy(
                matching(query.filter()),
                rows -> rows.sortBy(Sort.by(Sort.Direction.DESC, "id"))
                        .limit(query.limit())
                        .all()));
    }

    /** @return empty when there is none with that number */
    @Transactional(readOnly = true)
    public Optional<LedgerItem> handle(FindNotification query) {
        rules.check(query);
        return entry(query.id()).map(entry -> item(entry, true));
    }

    /** @return empty when there is none with that number */
    @Transactional(readOnly = true)
    public Optional<LedgerPreview> handle(FindNotificationPreview query) {
        rules.check(query);
        return entry(query.id())
                .flatMap(entry -> deliveries
                        .find(query.id())
                        .map(source -> new LedgerPreview(
                                item(entry, query.personalData()),
                                source,
                                deliveries.content(query.id()).orElse(null),
                                entry.handedOverAt())));
    }

    private Optional<LedgerEntry> entry(long id) {
        Specification<LedgerEntry> sameId = (row, query, build) -> build.equal(row.get("id"), id);
        return entries.findOne(sameId);
    }

    private LedgerItem item(LedgerEntry entry, boolean personalData) {
        String person = entry.person();
        PersonKey key = person == null ? null : keys.find(person).orElse(null);
        return personalData ? entry.item(key) : entry.masked(key);
    }

    private List<LedgerItem> items(List<LedgerEntry> rows) {
        Set<String> persons =
                rows.stream().map(LedgerEntry::person).filter(Objects::nonNull).collect(Collectors.toSet());
        Map<String, PersonKey> known = keys.find(persons);
        return rows.stream().map(row -> row.item(known.get(row.person()))).toList();
    }

    private static Specification<LedgerEntry> matching(LedgerFilter filter) {
        return (row, query, build) -> {
            List<Predicate> all = new ArrayList<>();
            if (filter.userId() != null) {
                all.add(build.equal(row.get("userId"), filter.userId()));
            }
            if (filter.orderId() != null) {
                all.add(build.equal(row.get("orderId"), filter.orderId()));
            }
            if (filter.status() != null) {
                all.add(row.get("status").in(filter.status().stored()));
            }
            if (filter.kind() != null) {
                all.add(build.equal(row.get("kind"), filter.kind()));
            }
            if (filter.before() != null) {
                all.add(build.lessThan(row.get("id"), filter.before()));
            }
            return build.and(all.toArray(Predicate[]::new));
        };
    }
}
