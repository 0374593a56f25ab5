/** The notification service: reads the queues, keeps the ledger of emails, and sends each of them once. */
@NullMarked
package dev.eventshop.notification;

import org.jspecify.annotations.NullMarked;
