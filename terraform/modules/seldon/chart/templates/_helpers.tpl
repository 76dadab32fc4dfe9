{{- define "seldon-model.labels" -}}
app.kubernetes.io/name: iris
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* A Job with a script of files/, in the image of the model server. */}}
{{- define "seldon-model.job" -}}
{{- $root := .root -}}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ $root.Release.Name }}-{{ .name }}
  labels:
    {{- include "seldon-model.labels" $root | nindent 4 }}
  annotations:
    helm.sh/hook: {{ .hook }}
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  backoffLimit: 0
  activeDeadlineSeconds: {{ $root.Values.timeout }}
  template:
    metadata:
      labels:
        {{- include "seldon-model.labels" $root | nindent 8 }}
    spec:
      restartPolicy: Never
      automountServiceAccountToken: false
      {{- with $root.Values.image.pullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ .name }}
          image: {{ $root.Values.image.reference | quote }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          command:
            - python
            - -c
            - {{ $root.Files.Get (printf "files/%s.py" .script) | toJson }}
            - {{ .address }}
            - {{ sub $root.Values.timeout 10 | quote }}
          resources:
            requests: {cpu: 20m, memory: 64Mi}
{{- end }}
