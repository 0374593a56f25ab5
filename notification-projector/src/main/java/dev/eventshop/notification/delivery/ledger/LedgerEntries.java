package dev.eventshop.notification.delivery.ledger;

import org.springframework.data.jpa.repository.JpaSpecificationExecutor;
import org.springframework.data.repository.Repository;

interface LedgerEntries extends Repository<LedgerEntry, Long>, JpaSpecificationExecutor<LedgerEntry> {}
