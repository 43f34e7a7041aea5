"""What a step costs, beside the least that any engine could pay and beside the library as it comes.

`python -m bench` prints ratios of one run; see docs/performance.md. Figures in seconds are of no use elsewhere.
"""
