/** The servers that the services need: PostgreSQL, an AMQP broker and a mail server, each embedded or the user's own. */
@NullMarked
package dev.eventshop.standalone.server;

import org.jspecify.annotations.NullMarked;
