"""The media that are measured, and what they are called."""

NAMES = {
    "air": {"zh": "环境空气", "en": "Ambient air"},
    "water": {"zh": "地表水", "en": "Surface water"},
    "groundwater": {"zh": "地下水", "en": "Groundwater"},
    "soil": {"zh": "土壤", "en": "Soil"},
    "noise": {"zh": "声环境", "en": "Noise"},
    "sea": {"zh": "近岸海域", "en": "Coastal sea"},
    "rain": {"zh": "降雨", "en": "Rain"},
}
MEDIA = tuple(NAMES)
