"""Forecasts of statsmodels for bench forecast: Holt-Winters (additive, damped trend, one season) and STL with damped ETS, on the tasks of a JSON file."""

import json
import sys
import warnings

import numpy as np
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.forecasting.stl import STLForecast
from statsmodels.tsa.holtwinters import ExponentialSmoothing

warnings.filterwarnings("ignore")


def holt_winters(values, season, leads):
    seasonal = {"seasonal": "add", "seasonal_periods": season} if season > 1 else {}
    return ExponentialSmoothing(values, trend="add", damped_trend=True, **seasonal).fit().forecast(leads)


def stl(values, season, leads):
    if season < 2:
        return holt_winters(values, season, leads)
    return STLForecast(values, ETSModel, model_kwargs={"trend": "add", "damped_trend": True}, period=season, robust=True).fit(fit_kwargs={"disp": False}).forecast(leads)


METHODS = {"holtWinters": holt_winters, "stl": stl}

with open(sys.argv[1]) as file:
    tasks = json.load(file)
for task in tasks:
    row = {}
    for name, method in METHODS.items():
        try:
            made = np.asarray(method(np.asarray(task["values"], float), task["season"], task["leads"]), float)
            row[name] = made.tolist() if np.all(np.isfinite(made)) else None
        except Exception:
            row[name] = None
    print(json.dumps(row), flush=True)
