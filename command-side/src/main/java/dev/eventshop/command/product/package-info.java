/** A product's life: its commands, its refusals, and what orders look up of it. */
@NullMarked
package dev.eventshop.command.product;

import org.jspecify.annotations.NullMarked;
