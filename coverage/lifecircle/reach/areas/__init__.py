"""Areas: where people walk from, what a radius covers, how far the streets carry."""
