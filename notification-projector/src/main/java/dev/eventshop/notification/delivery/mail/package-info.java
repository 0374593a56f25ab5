/** Talks SMTP, and tells what the mail server surely accepted, surely refused, or left open. */
@NullMarked
package dev.eventshop.notification.delivery.mail;

import org.jspecify.annotations.NullMarked;
