/** The currency of the shop: its scale, and that it never changes. */
@NullMarked
package dev.eventshop.command.currency;

import org.jspecify.annotations.NullMarked;
