"""Money owed because of a decision: orders to HR. A penalty's execution is read here, never copied."""
