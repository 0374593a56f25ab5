/** Who did what to whom, from where, when, and with what outcome: a table that only grows, and a line in the log. */
@NullMarked
package dev.eventshop.access.audit;

import org.jspecify.annotations.NullMarked;
