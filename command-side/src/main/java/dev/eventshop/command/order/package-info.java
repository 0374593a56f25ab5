/** An order's life: its commands, its refusals, and what it looks up of products and customers. */
@NullMarked
package dev.eventshop.command.order;

import org.jspecify.annotations.NullMarked;
