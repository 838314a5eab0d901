"""What measures the product from outside: fictitious samples and, later, accuracy and speed runs.

May import the domain and nothing else of the product. Start at `benchmarks.samples`.
"""
