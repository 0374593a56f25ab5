/** Orders over HTTP. */
@NullMarked
package dev.eventshop.command.order.web;

import org.jspecify.annotations.NullMarked;
