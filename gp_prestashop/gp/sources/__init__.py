"""What is read from GP as records: items, products (items with their variants), stock, prices, sales documents."""
