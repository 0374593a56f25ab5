/** The data folder: who may use it, and the files of this process in it. */
@NullMarked
package dev.eventshop.standalone.data;

import org.jspecify.annotations.NullMarked;
