/** The servers that the shop needs, run by its own process: PostgreSQL, an AMQP broker and a mail sink. */
@NullMarked
package dev.eventshop.embedded;

import org.jspecify.annotations.NullMarked;
