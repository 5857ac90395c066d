"""The browser's door: pages, forms and the look. Decides nothing; every act is one call of a service."""
