let warm = 1
