/** Products over HTTP. */
@NullMarked
package dev.eventshop.command.product.web;

import org.jspecify.annotations.NullMarked;
