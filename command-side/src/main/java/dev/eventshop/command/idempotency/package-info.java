/** Which calls with an idempotency key had their effect, and what they were answered. */
@NullMarked
package dev.eventshop.command.idempotency;

import org.jspecify.annotations.NullMarked;
