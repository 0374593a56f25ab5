/** Brings the emails of the ledger to the mail server, apart from the consumers. */
@NullMarked
package dev.eventshop.notification.delivery;

import org.jspecify.annotations.NullMarked;
