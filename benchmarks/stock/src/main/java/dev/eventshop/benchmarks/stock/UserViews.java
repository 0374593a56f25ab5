package dev.eventshop.benchmarks.stock;

import org.springframework.data.jpa.repository.JpaRepository;

interface UserViews extends JpaRepository<UserView, Integer> {}
