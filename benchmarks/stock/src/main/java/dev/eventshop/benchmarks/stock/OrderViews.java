package dev.eventshop.benchmarks.stock;

import org.springframework.data.jpa.repository.JpaRepository;

interface OrderViews extends JpaRepository<OrderView, Integer> {}
