package dev.eventshop.command.user.web;

/** Answer to {@code POST /api/users}. */
record UserRegisteredAnswer(int userId) {}
