/** The directory of recipients: who a user is, and whose an order is, as far as the messages have told. */
@NullMarked
package dev.eventshop.notification.recipient;

import org.jspecify.annotations.NullMarked;
