/** The ledger: one row per email, decided by a unique key, and its way from recorded to sent. */
@NullMarked
package dev.eventshop.notification.delivery.ledger;

import org.jspecify.annotations.NullMarked;
