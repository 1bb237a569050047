"""What past years taught, made 2026-11-23 by

qingshan forecast calibrate shanghai_districts_monthly_2014-07_2025-09.csv --series pm25_ugm3 --source "上海市生态环境局空气质量月报（Shanghai-AirQuality-Research 汇编），12 个区和全市 PM2.5，2014-07 至 2025-09" --made 2026-11-23
"""

from qingshan.evaluation.seasonal import Calibration

DEFAULT = Calibration(
    profile=(  # January to December, log of month over year
        0.4712,
        0.1997,
        0.1968,
        0.1310,
        0.0108,
        -0.1087,
        -0.2721,
        -0.4252,
        -0.3584,
        -0.3005,
        0.0518,
        0.4034,
    ),
    spread=(  # 1 to 24 months before the year ends, half-width in log that holds 80 %
        0.2422,
        0.2091,
        0.1790,
        0.1768,
        0.2008,
        0.2092,
        0.1970,
        0.1796,
        0.1644,
        0.1564,
        0.1599,
        0.1708,
        0.1757,
        0.1810,
        0.1887,
        0.1963,
        0.2112,
        0.2281,
        0.2348,
        0.2349,
        0.2445,
        0.2601,
        0.2711,
        0.2803,
    ),
    source="上海市生态环境局空气质量月报（Shanghai-AirQuality-Research 汇编），12 个区和全市 PM2.5，2014-07 至 2025-09",
)
