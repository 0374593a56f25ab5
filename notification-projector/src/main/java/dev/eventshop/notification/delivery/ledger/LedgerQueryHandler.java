package dev.eventshop.notification.delivery.ledger;

import jakarta.persistence.criteria.Predicate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Sort;
import org.springframework.data.jpa.domain.Specification;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Reads the ledger. */
@Component
public class LedgerQueryHandler {

    private final LedgerEntries entries;

    LedgerQueryHandler(LedgerEntries entries) {
        this.entries = entries;
    }

    /** @return at most {@code limit} rows, newest first */
    @Transactional(readOnly = true)
    public List<LedgerItem> list(LedgerFilter filter, int limit) {
        return entries
                .findBy(
                        matching(filter),
                        query -> query.sortBy(Sort.by(Sort.Direction.DESC, "id"))
                                .limit(limit)
                                .all())
                .stream()
                .map(LedgerEntry::item)
                .toList();
    }

    /** @return the row with that number, empty when there is none */
    @Transactional(readOnly = true)
    public Optional<LedgerItem> find(long id) {
        Specification<LedgerEntry> sameId = (row, query, build) -> build.equal(row.get("id"), id);
        return entries.findOne(sameId).map(LedgerEntry::item);
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
