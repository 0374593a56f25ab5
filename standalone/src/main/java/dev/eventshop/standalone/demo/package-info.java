/** Products, users and orders to look at. */
@NullMarked
package dev.eventshop.standalone.demo;

import org.jspecify.annotations.NullMarked;
