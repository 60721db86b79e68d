"""CSV files to a served answer with pandas, scikit-learn and FastAPI: the script that a data scientist would write."""
import json
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pandas as pd
import uvicorn
from fastapi import FastAPI
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

frame = pd.concat([pd.read_csv(path) for path in sorted(Path(sys.argv[1]).glob("*.csv"))], ignore_index=True)
target = frame.pop("churned") == "Yes"
frame = frame.drop(columns=["customer_id", "signup_date", "referral_code"])
numbers = frame.select_dtypes("number").columns
texts = [name for name in frame.columns if name not in set(numbers)]
train_x, test_x, train_y, test_y = train_test_split(frame, target, test_size=0.2, random_state=1)
model = make_pipeline(
    make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler()), numbers),
        (make_pipeline(SimpleImputer(strategy="constant", fill_value=""), OneHotEncoder(handle_unknown="ignore")), texts)),
    MLPClassifier((64, 32), batch_size=256, early_stopping=True, max_iter=30, random_state=1))
model.fit(train_x, train_y)
auc = roc_auc_score(test_y, model.predict_proba(test_x)[:, 1])

app = FastAPI()


@app.post("/predict")
def predict(row: dict):
    return {"probability": float(model.predict_proba(pd.DataFrame([row], columns=frame.columns))[0, 1])}


server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
threading.Thread(target=server.run, daemon=True).start()
while not server.started:
    time.sleep(0.005)
port = server.servers[0].sockets[0].getsockname()[1]
row = json.loads(test_x.iloc[[0]].to_json(orient="records"))[0]
request = urllib.request.Request(f"http://127.0.0.1:{port}/predict", data=json.dumps(row).encode(),
                                 headers={"Content-Type": "application/json"}, method="POST")
json.load(urllib.request.urlopen(request))
print(json.dumps({"auc": auc}))
