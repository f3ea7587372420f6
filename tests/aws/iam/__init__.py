"""Who may do what, decided as AWS documents it: moto's own check knows neither resources nor conditions."""
