/** Databases, brokers and mailboxes for tests. */
@NullMarked
package dev.eventshop.testing;

import org.jspecify.annotations.NullMarked;
