/** Users over HTTP. */
@NullMarked
package dev.eventshop.command.user.web;

import org.jspecify.annotations.NullMarked;
